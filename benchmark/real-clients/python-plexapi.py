"""What python-plexapi sees on a server: python3 python-plexapi.py URL TOKEN. It prints one JSON object."""

import json
import sys

from plexapi.server import PlexServer

server = PlexServer(sys.argv[1], sys.argv[2])
types = {"movie": ["movie"], "show": ["show", "season", "episode"]}
rows = {}
for section in server.library.sections():
    rows[section.title] = sum(len(section.search(libtype=libtype)) for libtype in types.get(section.type, []))

films = server.library.section("Films")
film = films.get("The General")
film.reload()
collections = films.collections()
wanted = ["The War Shelf", "Not Seen Yet: Before Sound"]
print(json.dumps({
    "server": server.friendlyName,
    "rows": rows,
    "film": {"title": film.title, "year": film.year, "guid": film.guid},
    "collections": {collection.title: collection.childCount for collection in collections},
    "members": {
        collection.title: [item.title for item in collection.items()]
        for collection in collections if collection.title in wanted
    },
    "seasons": len(server.library.section("Series").get("Harbour of Glass").seasons()),
}))
