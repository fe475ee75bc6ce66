/** No more of a message is looked at: what is shown in a line is shorter. In characters. */
const MAX_CHARS = 500

const lineMarks = /^(?:\s{0,3}>\s?)+|^\s*[-*+]\s+/gm
const marks =
  /(https?:\S+)|\\([!-/:-@[-`{-~])|```(?:\S*\n)?([^`]+)```|`([^`]+)`|\[([^[\]\n]+)\]\((?:https?:|mailto:)[^\s)]+\)|(\*{1,3}|~~?|(?<![\p{L}\p{N}_])_{1,3})(?=\S)(.*?[^\s\\])\6(?!(?<=_)[\p{L}\p{N}_])/gu

/** The words of a message without the marks of their formatting, for a line without it: nearly what its parser reads. */
export function plainText(content: string): string {
  return withoutMarks(content.slice(0, MAX_CHARS).replace(lineMarks, ''))
}

function withoutMarks(text: string): string {
  return text.replace(
    marks,
    (_, address, escaped, block, code, link, _mark, marked) =>
      address ?? escaped ?? block ?? code ?? withoutMarks(link ?? marked),
  )
}
