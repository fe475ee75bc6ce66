/** What a heading is called in a link, as forges make it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')
}

/** A block of TypeScript. */
export function codeBlock(text: string): string {
  return `\`\`\`ts\n${text}\n\`\`\``
}

/** Makes the names in backticks links to their headings: in prose and tables, not in headings and blocks of code. */
export function addLinks(page: string, names: ReadonlySet<string>): string {
  const parts = page.split(/(^```[\s\S]*?^```$|^#+ .*$)/m)
  return parts.map((part, index) => (index % 2 === 1 ? part : linkNames(part, names))).join('')
}

function linkNames(text: string, names: ReadonlySet<string>): string {
  return text.replace(/(?<!\[)`(\w+)((?:\.\w+)?(?:\[\])?)`/g, (code, name: string) =>
    names.has(name) ? `[${code}](#${anchorOf(name)})` : code,
  )
}

/** Code indented by its braces, whatever its indentation was: a line that closes some is where the last of them began. */
export function indentByBraces(code: string): string {
  /** The indentation of the line of every brace that is open. */
  const open: number[] = []
  const lines = code.split('\n').map((line) => {
    const text = line.trim()
    const [closers = ''] = /^[};\s]*/.exec(text) ?? []
    const inside = open.length === 0 ? 0 : (open.at(-1) ?? 0) + 1
    const indent = [...closers].reduce((now, character) => (character === '}' ? (open.pop() ?? 0) : now), inside)
    for (const character of text.slice(closers.length)) {
      if (character === '{') open.push(indent)
      if (character === '}') open.pop()
    }
    return '  '.repeat(indent) + text
  })
  return lines.join('\n')
}
