/** What is used of the library: a bundle that imports it as a whole when it is needed holds all the rest of it too. */
export { isAlias, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';
