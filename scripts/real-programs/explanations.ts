/** Why a program or Dockerfile of docs/programs.md goes as it does, where its words do not tell: by repository, and package or path. */
export const explanations: ReadonlyMap<string, string> = new Map([]);
