/** What came on sockets and was not as published, since tests were last told. */
let complaints: Error[] = []

/** Remembers that something was not as published, for the end of the test, and gives it back as an error. */
export function complain(reason: unknown): Error {
  const error = reason instanceof Error ? reason : new Error(String(reason))
  complaints.push(error)
  return error
}

/** What was not as published since the last call. */
export function takeComplaints(): readonly Error[] {
  const taken = complaints
  complaints = []
  return taken
}

/**
 * To be called after each test: what servers sent and do not publish must not go unnoticed because no test waited for it.
 *
 * @throws Error the first of what was not as published
 */
export function requireDocumented(): void {
  const [first] = takeComplaints()
  if (first) throw first
}
