/**
 * Whether text is an email address that mail could be sent to: a local part of the characters that RFC 5321 allows
 * unquoted, and a host name with a dot in it, each within the RFC's lengths. Quoted local parts and address literals are
 * not taken: nobody signs up with one, and they are where parsers disagree.
 */
export function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@')
  const local = text.slice(0, at)
  const host = text.slice(at + 1)
  if (at < 1 || local.length > 64 || text.length > 254) return false
  return LOCAL.test(local) && host.includes('.') && host.split('.').every((label) => LABEL.test(label))
}

const LOCAL = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u
const LABEL = /^[\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u
