/** A docstring in its parts, as Markdown. */
export type Docstring = Readonly<{
  /** What it is. */
  text: string
  params: readonly string[]
  returns: string | undefined
  throws: string | undefined
  example: string | undefined
}>

/** The tags that docstrings may carry; a tag begins a line or a sentence. */
const TAG = /(?:^|\s)@(param|returns|throws|example)\s/

/** Reads a docstring from the inside of its comment. */
export function parseDocstring(comment: string): Docstring {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\*? ?/, '').trimEnd())
  const [text = '', ...tagged] = lines.join('\n').split(TAG)
  const tags = Array.from({ length: tagged.length / 2 }, (_, index) => ({
    tag: tagged[index * 2],
    value: joined(tagged[index * 2 + 1] ?? ''),
  }))
  const find = (name: string) => tags.find(({ tag }) => tag === name)?.value
  return {
    text: text
      .trim()
      .split(/\n{2,}/)
      .map(joined)
      .join('\n\n'),
    params: tags.filter(({ tag }) => tag === 'param').map(({ value }) => value),
    returns: find('returns'),
    throws: find('throws'),
    example: find('example'),
  }
}

function joined(paragraph: string): string {
  return paragraph.replace(/\s+/g, ' ').trim()
}
