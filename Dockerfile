# syntax=docker/dockerfile:1
# One image for the API, the worker and the jobs. Debian, because Temporal's native core is built for glibc; a version of
# Node that still gets fixes, of which package.json names the oldest that will do.
ARG NODE_VERSION=24

FROM node:${NODE_VERSION}-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Postgres is elsewhere in production: these packages are its binaries for npm start
RUN npm pkg delete optionalDependencies
# not `npm ci`: the lock file was written where the optional packages of other platforms are missing, and that command
# takes nothing which the file does not name
RUN npm install --omit=dev

FROM packages AS build
RUN npm install --include=dev
COPY . .
RUN npm run build && rm -r dist/standalone

FROM node:${NODE_VERSION}-bookworm-slim
# Temporal's native core trusts the certificates of the system, and slim has none
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV NODE_ENV=production
ENV NODE_OPTIONS="--enable-source-maps --disable-warning=ExperimentalWarning"
COPY package.json ./
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
USER node
EXPOSE 3000
CMD ["node", "dist/api/main.js"]
