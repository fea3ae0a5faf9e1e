"""What Tautulli reads of a server: python3 tautulli.py URL TOKEN, with TAUTULLI as its folder. It prints one JSON object.

Only its own code that talks to Plex is used; no Tautulli has to run.
"""

import json
import os
import sys
import tempfile

root = os.environ["TAUTULLI"]
sys.path[:0] = [os.path.join(root, "lib"), root]

import plexpy
from plexpy import config

folder = tempfile.TemporaryDirectory()
plexpy.PROG_DIR = root
plexpy.DATA_DIR = folder.name
plexpy.CONFIG = config.Config(os.path.join(folder.name, "config.ini"))
plexpy.CONFIG.PMS_URL, plexpy.CONFIG.PMS_TOKEN = sys.argv[1:3]

from plexpy import pmsconnect

server = pmsconnect.PmsConnect(url=sys.argv[1], token=sys.argv[2])
rows = {}
for library in server.get_library_details():
    is_imported = library["section_type"] in ("movie", "show")
    counts = [library.get(name) for name in ("count", "parent_count", "child_count")] if is_imported else []
    rows[library["section_name"]] = sum(int(count or 0) for count in counts)

found = [row for row in server.get_library_children_details(section_id="1", section_type="movie")["children_list"] if row["title"] == "The General"]
film = server.get_metadata_details(found[0]["rating_key"])
shows = server.get_library_children_details(section_id="2", section_type="show")["children_list"]
show = [row for row in shows if row["title"] == "Harbour of Glass"][0]
print(json.dumps({
    "server": server.get_server_pref("FriendlyName"),
    "rows": rows,
    "film": {"title": film["title"], "year": int(film["year"]), "guid": film["guid"]},
    "seasons": server.get_item_children(show["rating_key"])["children_count"],
}))
