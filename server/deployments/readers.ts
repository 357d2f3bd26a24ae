/** The readers of deployment files, behind one door: a server in a browser loads them when there is such a file (scripts/build.ts). */
export { type ComposeSource, readProject } from './compose/compose.ts';
export { readHelmTemplate } from './kubernetes/helm-template.ts';
export { type Kustomizations, readKustomizations } from './kubernetes/kustomize.ts';
export { imagesIn, readManifests } from './kubernetes/manifests.ts';
