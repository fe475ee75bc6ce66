import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { closeCodes } from '@confab/contract/close-codes'
import { expect, test } from 'vitest'
import { root } from './source-tree.ts'

const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: root })
const read = (page: string) => readFileSync(path.join(root, page), 'utf8')

/** The text without blocks of code. */
const prose = (page: string) => read(page).replace(/^```[\s\S]*?^```/gm, '')

/** What a heading is called in a link, as forges make it. */
function anchorsOf(page: string): string[] {
  return [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

function isThere(page: string, link: string): boolean {
  const [file = '', anchor] = link.split('#')
  const target = file === '' ? page : path.join(path.dirname(page), file)
  if (!existsSync(path.join(root, target))) return false
  return anchor === undefined || anchorsOf(target).includes(anchor)
}

test('the links between the pages of the documentation lead somewhere', () => {
  expect(pages.length).toBeGreaterThan(15)
  const broken = pages.flatMap((page) =>
    [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link = '']) => link)
      .filter((link) => !/^[a-z]+:/.test(link) && !isThere(page, link))
      .map((link) => `${page}: ${link}`),
  )
  expect(broken).toEqual([])
})

test('the scripts that the documentation tells people to run are there', () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'))
  const told = pages.flatMap((page) =>
    [...read(page).matchAll(/npm run (?:-s )?([a-z:]+)/g)].map(([, name = '']) => name),
  )
  expect(new Set(told).size).toBeGreaterThan(5)
  expect([...new Set(told)].filter((name) => !(name in scripts))).toEqual([])
})

test('the table of close codes is that of the contract', () => {
  const comes = { yes: /^(yes|with a new token)/, after: /^after the wait$/, no: /^no(: log in)?$/ }
  const table = [...read('docs/realtime.md').matchAll(/^\| (4\d{3}) \| `(\w+)` \| ([^|]+) \|/gm)].map(
    ([, code, name = '', comesBack = '']) => [name, Number(code), comesBack.trim()] as const,
  )
  const codes = Object.entries(closeCodes).map(([name, { code }]) => [name, code])
  expect(table.map(([name, code]) => [name, code])).toEqual(codes)
  for (const [name, , comesBack] of table) {
    const reconnect = Object.entries(closeCodes).find(([known]) => known === name)?.[1].reconnect ?? 'no'
    expect(comesBack, name).toMatch(comes[reconnect])
  }
})

test('every decision is in the list of decisions', () => {
  const list = read('docs/decisions/README.md')
  const decisions = globSync('docs/decisions/0*.md', { cwd: root }).map((file) => path.basename(file))
  expect(decisions.length).toBeGreaterThan(8)
  expect(decisions.filter((file) => !list.includes(`(${file})`))).toEqual([])
})
