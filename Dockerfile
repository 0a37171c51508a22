# sqlatency with all that it measures: PostgreSQL, libsql-server, workerd and SQLite, each started by a run.
# docker build --tag sqlatency . && docker run --rm sqlatency
FROM node:24.21.0-trixie-slim AS packages
WORKDIR /opt/sqlatency
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24.21.0-trixie-slim
WORKDIR /opt/sqlatency
COPY --from=packages /opt/sqlatency/node_modules node_modules
COPY . .
RUN ln -s /opt/sqlatency/bench/bin.js /usr/local/bin/sqlatency && install -d -o node -g node /home/node/results
USER node
WORKDIR /home/node
ENTRYPOINT ["sqlatency"]
CMD ["run"]
