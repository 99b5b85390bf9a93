// The files that are put into an HTML report: uPlot's, and ours from assets/report. Read once, when a report is made.

import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sha256Base64 } from '../../crypto/sha256.js'
import type { PageAssets, PageScript } from '../../report/html/assets.js'

let read: PageAssets | undefined

/** Throws Error for an installation that lacks a file. */
export function pageAssets(): PageAssets {
  read ??= readAssets()
  return read
}

function readAssets(): PageAssets {
  const uplot = dirname(createRequire(import.meta.url).resolve('uplot/package.json'))
  const ours = assetFolder()
  return {
    // Its own licence asks to stand in every copy.
    licence: readFileSync(join(uplot, 'LICENSE'), 'utf8'),
    uplot: script(join(uplot, 'dist/uPlot.iife.min.js')),
    page: script(join(ours, 'page.js')),
    style: readFileSync(join(uplot, 'dist/uPlot.min.css'), 'utf8') + readFileSync(join(ours, 'style.css'), 'utf8'),
  }
}

function script(file: string): PageScript {
  const text = readFileSync(file, 'utf8')
  return { text, hash: `sha256-${sha256Base64(text)}` }
}

/** The package's assets/report: some folders above this file, in the sources and in what is built of them. */
function assetFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (folder !== dirname(folder)) {
    const assets = join(folder, 'assets/report')
    if (existsSync(assets)) return assets
    folder = dirname(folder)
  }
  throw new Error('the folder assets/report of isochron is missing: install it again')
}
