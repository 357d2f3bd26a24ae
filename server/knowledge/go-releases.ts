/** What came with which release of Go. Each number is the N of a Go 1.N. */

/**
 * The N of the newest Go 1.N, whose release tag is taken to hold where it is not known which Go builds. Go releases in February
 * and August; 1.27 came out in August 2026 (go.dev/doc/devel/release).
 */
export const NEWEST_GO_MINOR = 27;

/** The N of the oldest Go 1.N that still gets fixes: the Go team supports the two newest. */
export const OLDEST_SUPPORTED_GO_MINOR = NEWEST_GO_MINOR - 1;

/**
 * The experiments that are on by default, with the first and the last Go that has the tag set. Source: internal/buildcfg of
 * each release.
 */
export const DEFAULT_EXPERIMENTS: Readonly<Record<string, readonly [first: number, last: number]>> = {
	regabiwrappers: [17, Number.POSITIVE_INFINITY],
	regabiargs: [17, Number.POSITIVE_INFINITY],
	coverageredesign: [20, 24],
	aliastypeparams: [24, 25],
	swissmap: [24, 25],
	spinbitmutex: [24, 25],
	synchashtriemap: [24, 25],
	dwarf5: [25, Number.POSITIVE_INFINITY],
	greenteagc: [26, Number.POSITIVE_INFINITY],
	randomizedheapbase64: [26, Number.POSITIVE_INFINITY],
};

/** The first Go 1.N with a change of the go command that a finding or a fix depends on (go.dev/doc/go1.N of each). */
export const SINCE_GO = {
	/** go.mod. Up to Go 1.12 the go command reads it outside of GOPATH/src only, unless GO111MODULE=on. */
	modules: 11,
	/** GO111MODULE=auto reads go.mod in GOPATH/src too. */
	modulesInGopath: 13,
	/** `go build -trimpath`. */
	trimpath: 13,
	/** The build tag timetzdata, and time/tzdata; an older Go ignores the tag. */
	embeddedZones: 15,
	/** Packages are built in a module, unless GO111MODULE says otherwise. */
	moduleRequired: 16,
	/** A build changes neither go.mod nor go.sum (`-mod=readonly`), so that a missing sum makes it fail. */
	readonlyModules: 16,
	/** go.mod names the modules that its modules require too, where its go line is at least this (go.dev/ref/mod#graph-pruning). */
	indirectRequirements: 17,
	/** `go get` adds to go.mod and builds nothing; outside of a module it fails. */
	getWithinModules: 18,
	/** go.work and GOWORK. */
	workspaces: 18,
	/** cgo is off by default where there is no C compiler, and the standard packages do not come compiled. */
	cgoNeedsCompiler: 20,
	/** The toolchain line of go.mod, `go 1.N.P` in the go line, a go line that is a least version, and GOTOOLCHAIN. */
	toolchains: 21,
	/** The go command refuses flags that require the C linker where cgo is off (seen with 1.21.13 and 1.22.12). */
	checksExternalLinking: 22,
	/** A go.mod in GOPATH itself is ignored with a warning; before, the command fails. */
	ignoresModuleInGopath: 22,
	/** GOFIPS140, the FIPS 140-3 module of Go's own cryptography. */
	fipsModule: 24,
	/** Each turn of a loop has variables of its own, in modules whose go line is at least this (go.dev/issue/60078). */
	loopVariables: 22,
} as const;
