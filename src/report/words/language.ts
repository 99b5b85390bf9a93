// The languages of what is handed to people outside: English and Chinese.

export type Language = 'en' | 'zh'

export const isLanguage = (name: string): name is Language => name === 'en' || name === 'zh'

/** The same thing in each language. */
export type Translations = Readonly<Record<Language, string>>

/** `approved (承兑或交易成功)`, as dialects have the meaning of a code: the part that is in this language. */
export function meaningIn(language: Language, meaning: string): string {
  const [, en = meaning, zh = meaning] = /^(.*) \(([^()]*\p{Script=Han}[^()]*)\)$/u.exec(meaning) ?? []
  return language === 'zh' ? zh : en
}
