# syntax=docker/dockerfile:1
# glibc, not musl, because the kernel locks of the catalogue are tested with glibc.
ARG NODE_IMAGE=node:24-bookworm-slim

# The bundle is plain JavaScript, so it is built once for all architectures.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --include=dev --no-audit --no-fund
COPY tsconfig.json LICENSE ./
COPY docs/bundle.ts docs/notices.ts ./docs/
COPY source ./source
RUN npm run build

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="reelcat" \
	org.opencontainers.image.description="A complete, provable, living copy of what a Plex Media Server holds" \
	org.opencontainers.image.licenses="MIT"
WORKDIR /app
# The bundle holds everything that runs. The optional packages are for keychains and desktops, which no container has.
COPY package.json LICENSE ./
COPY --from=build /build/dist ./dist
COPY --chmod=0755 docker/entrypoint.sh /usr/local/bin/reelcat
# A new volume takes its owner from this folder.
RUN mkdir /config && chown 1000:1000 /config && chmod 0700 /config
ENV HOME=/config \
	REELCAT_CONFIG_DIR=/config/settings \
	REELCAT_DATA_DIR=/config/data \
	REELCAT_STATE_DIR=/config/logs \
	PUID=1000 \
	PGID=1000 \
	UMASK=077 \
	NODE_OPTIONS=--max-old-space-size-percentage=75
VOLUME /config
EXPOSE 32480
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=10s --start-period=120s --retries=3 CMD ["reelcat", "healthcheck"]
# It starts as root only to give /config to PUID and PGID, and then drops all rights; with --user it is never root.
ENTRYPOINT ["reelcat"]
CMD ["--watch"]
