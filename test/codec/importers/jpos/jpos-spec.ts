// Small packager files written for these tests, and messages around one field of them.

import type { Codec } from '../../../../src/codec/codec.js'
import { compile } from '../../../../src/codec/compile.js'
import { importDialect } from '../../../../src/codec/importers/import-dialect.js'
import type { FieldValue } from '../../../../src/codec/message.js'

/** A packager with a packed MTI, a binary bitmap and the given elements. */
export function packager(elements: string, rootAttributes = ''): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<isopackager ${rootAttributes}>`,
    '<isofield id="0" length="4" name="MTI" pad="true" class="org.jpos.iso.IFB_NUMERIC"/>',
    '<isofield id="1" length="16" name="BIT MAP" class="org.jpos.iso.IFB_BITMAP"/>',
    elements,
    '</isopackager>',
  ].join('\n')
}

export function isofield(id: number, className: string, length: number, more = ''): string {
  return `<isofield id="${id}" length="${length}" name="FIELD ${id}" class="org.jpos.iso.${className}" ${more}/>`
}

/** Field 60 with sub-fields inside. */
export function isofieldpackager(className: string, packagerName: string, children: string, more = ''): string {
  return (
    `<isofieldpackager id="60" length="99" name="FIELD 60" class="org.jpos.iso.${className}"` +
    ` packager="org.jpos.iso.packager.${packagerName}" ${more}>\n${children}\n</isofieldpackager>`
  )
}

export function codecOf(elements: string): Codec {
  return compile(importDialect(packager(elements), 'test.xml'))
}

const ahead = '08000000000000000010'

/** The bytes of field 60 that packing `value` gives. */
export function packField(codec: Codec, value: FieldValue): string {
  const hex = Buffer.from(codec.pack({ mti: '0800', fields: { 60: value } }))
    .toString('hex')
    .toUpperCase()
  return hex.slice(ahead.length)
}

export function unpackField(codec: Codec, hex: string): FieldValue | undefined {
  return codec.unpack(Buffer.from(ahead + hex, 'hex')).fields['60']
}
