// Whether a dialect's name is one of a file.

/** True for what names a file: it has a path separator, or the ending of a spec file. */
export const isDialectFile = (name: string): boolean => /[/\\]|\.(ya?ml|json|xml|py|[cm]?js)$/i.test(name)
