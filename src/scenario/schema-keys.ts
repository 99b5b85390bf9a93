// Which keys a schema knows at a place, for "did you mean".

import { z } from 'zod'
import type { YamlPath } from './yaml-source.js'

/** Keys that may stand in the map at `path`, of every alternative that may stand there. */
export function keysAt(schema: z.core.$ZodType, path: YamlPath): readonly string[] {
  const found = path.reduce<readonly z.core.$ZodType[]>(
    (schemas, step) => schemas.flatMap((each) => inside(each, step)),
    [schema],
  )
  return [...new Set(found.flatMap(shapes).flatMap((object) => Object.keys(object.shape)))]
}

function inside(schema: z.core.$ZodType, step: string | number): readonly z.core.$ZodType[] {
  return alternatives(schema).flatMap((each) => {
    if (each instanceof z.ZodArray) return [each.element]
    if (each instanceof z.ZodRecord) return [each.valueType]
    const member = each instanceof z.ZodObject ? each.shape[step] : undefined
    return member === undefined ? [] : [member]
  })
}

const shapes = (schema: z.core.$ZodType) => alternatives(schema).filter((each) => each instanceof z.ZodObject)

/** The schemas that remain when defaults, optionals, transforms and unions are taken away. */
function alternatives(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(alternatives)
  if (schema instanceof z.ZodPipe) return alternatives(schema.in)
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return alternatives(schema.unwrap())
  return [schema]
}
