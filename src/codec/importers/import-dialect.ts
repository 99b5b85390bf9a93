// Text of a spec file in, dialect out: chooses the importer by what the text is, not by what the file is called.

import { UsageError } from '../../base/errors.js'
import { compile } from '../compile.js'
import type { Dialect } from '../dialect.js'
import { builtInDialect } from '../dialects/index.js'
import { isDialectFile } from './dialect-file-name.js'
import { importIso8583Formats, looksLikeIso8583Formats } from './iso-8583/iso-8583-formats.js'
import { importIsochronYaml } from './isochron/isochron-yaml.js'
import { readSpecYaml } from './isochron/spec-yaml.js'
import { importJ8583Xml } from './j8583/j8583-xml.js'
import { importJposXml } from './jpos/jpos-xml.js'
import { readXml } from './jpos/spec-xml.js'
import { literalIn } from './literal.js'
import { importMoov, looksLikeMoov } from './moov/moov-json.js'
import { importPyiso8583, looksLikePyiso8583 } from './pyiso8583/pyiso8583.js'
import { refuseSpec } from './spec-error.js'

/** Largest spec file in characters: ten times the largest that is known, small enough to read in a blink. */
export const maxSpecCharacters = 1_048_576

/** Most characters of the Unicode replacement: decoding left none where a file was UTF-8. */
const notUtf8 = '\uFFFD'

/** Reads a file that stands beside the one that is being imported. Throws UsageError when it cannot. */
export type ReadSibling = (name: string) => string

/**
 * A jPOS packager, a moov spec (JSON or YAML, names of today or older), a j8583 configuration, a spec of pyiso8583 (JSON or
 * Python), formats of the npm library iso_8583 (JSON or JavaScript), or a dialect of ours, which may be laid over one of the
 * others or over a built-in one. The dialect compiles. Throws UsageError naming file, line and field.
 */
export function importDialect(text: string, file: string, readSibling: ReadSibling = noSibling): Dialect {
  const dialect = importText(text, file, (name) =>
    isDialectFile(name) ? importText(readSibling(name), name, nestedBase) : builtInDialect(name),
  )
  compileOf(dialect, file)
  return dialect
}

function importText(text: string, file: string, readSpec: (name: string) => Dialect): Dialect {
  checkText(text, file)
  if (/^\uFEFF?\s*</.test(text)) return importXml(text, file)
  const document = readSpecYaml(/\.(py|[cm]?js)$/i.test(file) ? literalIn(text, file) : text, file)
  if (looksLikeMoov(document.value)) return importMoov(document, file)
  if (looksLikePyiso8583(document.value)) return importPyiso8583(document, file)
  if (looksLikeIso8583Formats(document.value)) return importIso8583Formats(document, file)
  if (typeof document.value !== 'object' || document.value === null || Array.isArray(document.value)) {
    refuseSpec(
      document.at([]),
      'is no spec file: expected XML of jPOS or j8583, a spec of moov (JSON or YAML) or pyiso8583 (JSON or Python), formats of iso_8583 (JSON or JavaScript), or a dialect of ours (YAML)',
    )
  }
  return importIsochronYaml(document, file, readSpec)
}

function importXml(text: string, file: string): Dialect {
  const root = readXml(text, file)
  return (root.name === 'j8583-config' ? importJ8583Xml : importJposXml)(root, file)
}

function checkText(text: string, file: string): void {
  if (text.length > maxSpecCharacters) {
    throw new UsageError(`is longer than ${maxSpecCharacters} characters, which no spec file is`, { where: file })
  }
  const bad = text.indexOf(notUtf8)
  if (bad !== -1) {
    const line = text.slice(0, bad).split('\n').length
    throw new UsageError('is not valid UTF-8: save it as UTF-8, or correct the character', { where: `${file}:${line}` })
  }
}

const nestedBase = (name: string): Dialect => {
  if (!isDialectFile(name)) return builtInDialect(name)
  throw new UsageError(`names '${name}' as its base: only one file may name another`)
}

const noSibling: ReadSibling = (name) => {
  throw new UsageError(`cannot read '${name}': files beside this one are not at hand here`)
}

/** Compiles the dialect; puts the file in front of the compiler's error. */
function compileOf(dialect: Dialect, file: string): void {
  try {
    compile(dialect)
  } catch (cause) {
    if (cause instanceof UsageError) throw new UsageError(cause.message, { where: `${file}:`, cause })
    throw cause
  }
}
