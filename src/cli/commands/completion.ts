// `isochron completion`: a script that completes commands and flags in bash and zsh.

import { exitCode } from '../../base/errors.js'
import type { Command } from '../command.js'

/** `commands` are all that there are, with their flags. */
export function completionCommand(commands: () => readonly Pick<Command, 'name' | 'flags'>[]): Command {
  return {
    name: 'completion',
    flags: [],
    add: (program, choose) =>
      program.command(
        'completion',
        'print a script that completes commands and flags in bash and zsh',
        (command) =>
          command
            .example('$0 completion >> ~/.bashrc', 'bash')
            .example('$0 completion >> ~/.zshrc', 'zsh, after compinit'),
        () =>
          choose(async (io) => {
            io.stdout.write(script(commands()))
            return exitCode.done
          }),
      ),
  }
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
