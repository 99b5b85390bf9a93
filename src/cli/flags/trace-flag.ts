// `--trace` without a value, before yargs reads the command line.

/** `--trace` without a value takes no word that follows: it stands for `--trace=line`. */
export const withTraceStyle = (argv: readonly string[]): readonly string[] =>
  argv.map((word) => (word === '--trace' ? '--trace=line' : word))
