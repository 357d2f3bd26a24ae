import { written } from '../dockerfile/write.ts';

/** The module cache of the official golang image: GOMODCACHE below GOPATH, which is /go. */
export const MODULE_CACHE_MOUNT = written`--mount=type=cache,target=/go/pkg/mod`;

/** The build cache of root, the user that builds there. */
export const BUILD_CACHE_MOUNT = written`--mount=type=cache,target=/root/.cache/go-build`;
