/** The kinds of need that Go source shows; the table in `server/needs` says what each means for an image. */
export type NeedId =
	| 'certificate-roots'
	| 'zone-data'
	| 'temporary-directory'
	| 'user-database'
	| 'executable'
	| 'runtime-file'
	/** A file that a setting names unless told otherwise. An image is better off with it; that it lacks it is no fault. */
	| 'default-file'
	/** A path that is handed to a call that no table describes. It is one of the image's files if the workspace has it. */
	| 'named-file'
	| 'writable-directory'
	/** A writable directory whose content is meant to outlive the container: that of an embedded database. */
	| 'database-directory'
	/** Not a need of the image: a port that others are to reach. */
	| 'listener'
	/** Not a need but what tells of one unmet: the program wants privileges, so running it as root may be meant. */
	| 'privilege';
