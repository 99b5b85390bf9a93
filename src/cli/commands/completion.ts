// `isochron completion`: a script that completes commands and flags in bash, zsh and fish.

import { exitCode, UsageError } from '../../base/errors.js'
import { maskText } from '../../base/mask.js'
import { suggestion } from '../../base/suggest.js'
import type { Command } from '../command.js'

/** `commands` are all that there are, with their flags. */
export function completionCommand(commands: () => readonly Pick<Command, 'name' | 'flags'>[]): Command {
  return {
    name: 'completion',
    flags: [],
    add: (program, choose) =>
      program.command(
        'completion [shell]',
        'print a script that completes commands and flags in bash, zsh and fish',
        (command) =>
          command
            .positional('shell', { type: 'string', describe: 'bash, zsh or fish; left out: bash and zsh in one' })
            .example('$0 completion bash >> ~/.bashrc', 'bash')
            .example('$0 completion zsh >> ~/.zshrc', 'zsh, after compinit')
            .example('$0 completion fish > ~/.config/fish/completions/isochron.fish', 'fish'),
        ({ shell = 'bash' }) =>
          choose(async (io) => {
            if (!shells.includes(shell)) throw new UsageError(unknownShell(shell))
            io.stdout.write(shell === 'fish' ? fishScript(commands()) : script(commands()))
            return exitCode.done
          }),
      ),
  }
}

const shells = ['bash', 'zsh', 'fish']

const unknownShell = (shell: string) =>
  `no completion for '${maskText(shell)}'${suggestion(shell, shells)}; there is one for ${shells.join(', ')}`

function fishScript(commands: readonly Pick<Command, 'name' | 'flags'>[]): string {
  const lines = commands.flatMap(({ name, flags }) => [
    `complete -c isochron -n __fish_use_subcommand -a ${name}`,
    ...flags.map((flag) => `complete -c isochron -n '__fish_seen_subcommand_from ${name}' -l ${flag}`),
  ])
  return `# isochron: completion for fish\n${lines.join('\n')}\n`
}

function script(commands: readonly Pick<Command, 'name' | 'flags'>[]): string {
  const cases = commands.map(
    ({ name, flags }) => `    ${name}) words="${flags.map((flag) => `--${flag}`).join(' ')} --help" ;;`,
  )
  return `# isochron: completion for bash and zsh
if [ -n "\${ZSH_VERSION:-}" ]; then autoload -U +X bashcompinit && bashcompinit; fi
_isochron() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=""
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${commands.map(({ name }) => name).join(' ')}"; fi
  COMPREPLY=()
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$words" -- "$current")
  if [ "$COMP_CWORD" -gt 1 ] && [ "\${current#-}" = "$current" ]; then
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$current")
  fi
}
complete -F _isochron isochron
`
}
