/** The version of the wire contract: the second number grows with every addition, the first never without a migration path. */
export const CONTRACT_VERSION = '1.0.0'
