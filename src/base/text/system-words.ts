// The meaning of the operating system's codes, for people who do not know them by heart.

const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder, not a file',
  ENOTDIR: 'a part of its path is not a folder',
  EACCES: 'the file permissions do not allow it',
  EPERM: 'the system does not allow it',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of this user is used up',
  EFBIG: 'the file is larger than this user may write',
  EIO: 'the disk has failed',
  EMFILE: 'this process has too many files open',
  ENFILE: 'this machine has too many files open',
  ELOOP: 'its symbolic links form a loop',
  ENAMETOOLONG: 'the name is too long',
  ENOTFOUND: 'no host has this name',
  EAI_AGAIN: 'the name cannot be looked up: is there a network?',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the other side cut the connection',
  EHOSTUNREACH: 'there is no route to that host',
  ENETUNREACH: 'there is no route to that network',
  ETIMEDOUT: 'nobody answered the attempt to connect',
  EADDRINUSE: 'another process has the port',
  EADDRNOTAVAIL: 'this machine has no such address',
}

/** `ENOENT: there is no such file`; the code alone where nothing is known of it. */
export const systemWords = (code: string): string => (words[code] === undefined ? code : `${code}: ${words[code]}`)

/** The words for an error of the system's; `unknown reason` for one that has no code. */
export function reasonOf(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code
  return typeof code === 'string' ? systemWords(code) : 'unknown reason'
}

/** Whether a connect failed because the host's name leads nowhere. */
export const isUnknownName = (code: string): boolean => code === 'ENOTFOUND' || code === 'EAI_AGAIN'
