// The code blocks of a page: fenced ones with their language, indented ones with the language that they look like.

export interface Block {
  readonly language: string
  readonly text: string
  /** Fenced; false for an indented one. */
  readonly isFenced: boolean
}

export function blocksOf(page: string): readonly Block[] {
  const fenced = [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({
    language: language === '' ? languageOf(text) : language,
    text,
    isFenced: true,
  }))
  const rest = page.replace(/^```[\s\S]*?^```$/gm, '')
  const indented = [...rest.matchAll(/(?<=\n\n)(?: {4}.*\n)+/g)].map(([block]) => {
    const text = block.replace(/^ {4}/gm, '')
    return { language: languageOf(text), text, isFenced: false }
  })
  return [...fenced, ...indented]
}

function languageOf(text: string): string {
  const [first = ''] = text.trim().split('\n')
  if (/^(isochron|npm|git|curl|tcpdump|sqlite3|echo) |^\$ /.test(first)) return 'sh'
  if (/^(import|await|const|proxy\.) ?/.test(first)) return 'ts'
  return /^[A-Za-z][\w-]*:/.test(first) ? 'yaml' : 'text'
}

/** The words of every `isochron …` in a block of shell, without what the shell takes for itself. */
export function commandsIn({ language, text }: Block): readonly (readonly string[])[] {
  if (language !== 'sh') return []
  const lines = text.replace(/\\\n\s*/g, ' ').split('\n')
  return lines.flatMap((line) => {
    const commands = line.replace(/(^|\s)#.*$/, '').split(/\s(?:\||&&|\|\|)\s/)
    return commands.flatMap((command) => {
      const words: readonly string[] = command.match(/'[^']*'|"[^"]*"|\S+/g) ?? []
      if (words[0] !== 'isochron') return []
      const end = words.findIndex((word) => /^(?:[<>]|\d?>|&$)/.test(word))
      return [words.slice(1, end < 0 ? undefined : end).map((word) => word.replace(/^['"]|['"]$/g, ''))]
    })
  })
}
