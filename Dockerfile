# syntax=docker/dockerfile:1
# One image for the API, the worker and the jobs. Debian, because Temporal's native core is built for glibc; a version of
# Node that still gets fixes, of which package.json names the oldest that will do.
ARG NODE_VERSION=24

FROM node:${NODE_VERSION}-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Postgres is elsewhere in production: these packages are its binaries for npm start
RUN npm pkg delete optionalDependencies
RUN npm ci --omit=dev
# What no process reads: Temporal's native core for other machines and its source in Rust, the compiler of workflows (the
# build has compiled them), types, and source maps of packages
RUN core=node_modules/@temporalio/core-bridge \
  && own="$(node -p "require('./$core/common.js').getPrebuiltTargetName()")" \
  && find "$core/releases" -mindepth 1 -maxdepth 1 ! -name "$own" -exec rm -r {} + \
  && rm -r "$core/sdk-core" node_modules/@swc/core-* \
  && find node_modules -type f \( -name '*.d.ts' -o -name '*.d.[cm]ts' -o -name '*.map' \) -delete

FROM node:${NODE_VERSION}-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
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
