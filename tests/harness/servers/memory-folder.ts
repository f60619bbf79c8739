import { accessSync, constants, statfsSync } from 'node:fs';

const inMemory = '/dev/shm';

/** Bytes that hundreds of databases and their log need at once, with a margin. */
const neededBytes = 2 * 1024 ** 3;

/**
 * Finds a folder whose files are in memory. On a disk most of a run's time goes into creating the files of new databases,
 * hundreds for each test.
 * @returns undefined where the machine has none or it is too small
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
