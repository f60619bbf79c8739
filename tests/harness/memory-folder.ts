import { accessSync, constants, statfsSync } from 'node:fs';

const inMemory = '/dev/shm';

/** What hundreds of databases and their log take at one moment, with room to spare. */
const neededBytes = 2 * 1024 ** 3;

/**
 * A folder whose files are in memory. On a disk most of the time of a run goes into finding room for the files of a new
 * database, hundreds of them for each test.
 * @returns undefined where the machine has none, or it is too small
 */
export function memoryFolder(): string | undefined {
  try {
    accessSync(inMemory, constants.W_OK);
    const { bavail, bsize } = statfsSync(inMemory);
    return bavail * bsize >= neededBytes ? inMemory : undefined;
  } catch {
    return undefined;
  }
}
