# The image of go-scratch itself, from the executables that `npm run package:executable` writes:
#   docker build -f docker/go-scratch.Dockerfile -t go-scratch .
#   docker run --rm -v "$PWD:/work" go-scratch check
# It cannot be FROM scratch: the executable holds Node, which is linked against glibc and libstdc++.
FROM gcr.io/distroless/cc-debian12
ARG TARGETARCH
COPY dist/go-scratch-linux-${TARGETARCH} /usr/bin/go-scratch
COPY dist/go-scratch-linux.LICENSE-of-node.txt LICENSE /usr/share/doc/go-scratch/
WORKDIR /work
USER 65534:65534
ENTRYPOINT ["/usr/bin/go-scratch"]
