# A small image with the program and git, for CI that runs containers:
#   docker build -t unbake .
#   docker run --rm -v "$PWD:/work" unbake check
FROM rust:1-alpine AS build
RUN apk add --no-cache musl-dev
WORKDIR /src
COPY . .
RUN cargo build --release --locked

FROM alpine:3
# git is asked by --staged, --since and blame. The mounted folder belongs to somebody else, which git refuses otherwise.
RUN apk add --no-cache git && git config --system --add safe.directory '*'
COPY --from=build /src/target/release/unbake /usr/local/bin/unbake
WORKDIR /work
ENTRYPOINT ["unbake"]
