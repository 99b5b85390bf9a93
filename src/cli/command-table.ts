// The commands by name. Rule: a command is loaded when it is called, so that `decode` pays for no socket and no database.

import type { Command } from './command.js'

interface CommandEntry {
  readonly name: string
  load(): Promise<Command>
}

/** In the order of the help. */
export const commandTable: readonly CommandEntry[] = [
  { name: 'run', load: async () => (await import('./commands/run.js')).runCommand },
  { name: 'terminal', load: async () => (await import('./commands/terminal.js')).terminalCommand },
  { name: 'send', load: async () => (await import('./commands/send.js')).sendCommand },
  { name: 'acquirer', load: async () => (await import('./commands/acquirer.js')).acquirerCommand },
  { name: 'proxy', load: async () => (await import('./commands/proxy.js')).proxyCommand },
  { name: 'decode', load: async () => (await import('./commands/decode.js')).decodeCommand },
  { name: 'encode', load: async () => (await import('./commands/encode.js')).encodeCommand },
  { name: 'dialects', load: async () => (await import('./commands/dialects.js')).dialectsCommand },
  { name: 'cards', load: async () => (await import('./commands/cards.js')).cardsCommand },
  { name: 'doctor', load: async () => (await import('./commands/doctor.js')).doctorCommand },
  { name: 'diff', load: async () => (await import('./commands/diff.js')).diffCommand },
  { name: 'evidence', load: async () => (await import('./commands/evidence.js')).evidenceCommand },
  { name: 'explain', load: async () => (await import('./commands/explain.js')).explainCommand },
  { name: 'merge', load: async () => (await import('./commands/merge.js')).mergeCommand },
  { name: 'books', load: async () => (await import('./commands/books.js')).booksCommand },
  { name: 'worker', load: async () => (await import('./commands/worker.js')).workerCommand },
  { name: 'report', load: async () => (await import('./commands/report.js')).reportCommand },
  { name: 'compare', load: async () => (await import('./commands/compare.js')).compareCommand },
  { name: 'watch', load: async () => (await import('./commands/watch.js')).watchCommand },
  { name: 'keys', load: async () => (await import('./commands/keys.js')).keysCommand },
  { name: 'validate', load: async () => (await import('./commands/validate.js')).validateCommand },
  { name: 'schema', load: async () => (await import('./commands/schema.js')).schemaCommand },
  { name: 'scenarios', load: async () => (await import('./commands/scenarios.js')).scenariosCommand },
  { name: 'init', load: async () => (await import('./commands/init.js')).initCommand },
  { name: 'completion', load: loadCompletion },
]

export const commandNames: readonly string[] = commandTable.map(({ name }) => name)

/** The command of that name alone, or all of them. */
export function loadCommands(name: string | undefined): Promise<readonly Command[]> {
  const wanted = commandTable.filter((entry) => entry.name === name)
  return Promise.all((wanted.length === 0 ? commandTable : wanted).map(({ load }) => load()))
}

/** Completes the flags of all other commands. */
async function loadCompletion(): Promise<Command> {
  const { completionCommand } = await import('./commands/completion.js')
  const others = await Promise.all(commandTable.filter(({ name }) => name !== 'completion').map(({ load }) => load()))
  const own: Command = completionCommand(() => [...others, own])
  return own
}
