import { execFile } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { promisify } from 'node:util'

/** Unmounts the FUSE file systems in a folder, also those whose server is gone, through which nothing can be removed. */
export async function unmountBelow(folder: string): Promise<void> {
  if (!existsSync('/proc/mounts')) return
  const inside = `${realpathSync(folder)}/`
  for (const line of readFileSync('/proc/mounts', 'utf8').split('\n').toReversed()) {
    const [, place = '', kind = ''] = line.split(' ').map(unescaped)
    if (kind.startsWith('fuse') && place.startsWith(inside))
      await promisify(execFile)('fusermount3', ['-u', '-z', place])
  }
}

/** A blank is `\040` there. */
const unescaped = (text: string): string =>
  text.replaceAll(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)))
