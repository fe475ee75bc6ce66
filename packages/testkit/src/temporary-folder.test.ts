import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { removeForgottenFolders, temporaryFolder } from './temporary-folder.ts'

async function newFolder(options?: { isOnDisk?: boolean }): Promise<string> {
  const folder = await temporaryFolder('confab-folder-', options)
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

test('a folder is empty, another each time, and may be entered by everybody and written to by its owner alone', async () => {
  const folders = [await newFolder(), await newFolder()]

  expect(folders[0]).not.toBe(folders[1])
  for (const folder of folders) {
    expect(await readdir(folder)).toEqual([])
    expect((await stat(folder)).mode & 0o777).toBe(0o755)
  }
})

test('a folder is among the temporary files where it is to be on a disk', async () => {
  expect(path.dirname(await newFolder({ isOnDisk: true }))).toBe(tmpdir())
})

test('of the folders that nobody has touched for a day those of tests are removed, with what is in them', async () => {
  const parent = await newFolder()
  const old = new Date(Date.now() - 25 * 60 * 60 * 1000)
  for (const name of ['confab-old-a', 'confab-new-b', 'another']) {
    await mkdir(path.join(parent, name))
    await writeFile(path.join(parent, name, 'file'), 'data')
    if (name !== 'confab-new-b') await utimes(path.join(parent, name), old, old)
  }

  await removeForgottenFolders(parent)

  expect((await readdir(parent)).sort()).toEqual(['another', 'confab-new-b'])
  await expect(removeForgottenFolders(path.join(parent, 'none'))).resolves.toBeUndefined()
})
