import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../../standalone/services/cache-folder.ts';

const version = '1.38.0';

/**
 * Finds the server that skips time: in the user's cache, by the SDK's download, or from Maven Central, run with Java.
 * Saves it in the user's cache.
 * @returns the path of the program
 * @throws an error that says what to install
 */
export async function findTimeSkippingServer(
  env: NodeJS.ProcessEnv,
  announce: (sentence: string) => void,
): Promise<string> {
  const folder = join(cacheFolder(env), `temporal-test-server-${version}`);
  const starter = join(folder, 'start');
  if (existsSync(starter)) return starter;
  const downloads = join(cacheFolder(env), 'bin');
  mkdirSync(downloads, { recursive: true });
  const downloaded = findDownloaded(downloads) ?? (await download(downloads));
  if (downloaded !== undefined) return downloaded;
  assertJava();
  announce("Temporal's time-skipping server cannot be downloaded: getting its Java edition with Maven, once");
  await getWithMaven(folder);
  return starter;
}

function findDownloaded(folder: string): string | undefined {
  const name = readdirSync(folder).find((file) => /^temporal-test-server-sdk-typescript-[\d.]+$/.test(file));
  return name === undefined ? undefined : join(folder, name);
}

async function download(folder: string): Promise<string | undefined> {
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  try {
    const environment = await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'cached-download', downloadDir: folder } },
    });
    await environment.teardown();
  } catch {
    return undefined;
  }
  return findDownloaded(folder);
}

function assertJava(): void {
  try {
    execFileSync('java', ['-version'], { stdio: 'ignore' });
    execFileSync('mvn', ['-version'], { stdio: 'ignore' });
  } catch (error) {
    const message =
      'The tests that skip time need a download from temporal.download, or Java 11 and Maven: install Java 11 and Maven';
    throw new Error(message, { cause: error });
  }
}

/** Builds in a draft folder and renames it at the end, so that a second run never sees half of it. */
async function getWithMaven(folder: string): Promise<void> {
  const draft = mkdtempSync(`${folder}.`);
  try {
    writeFileSync(join(draft, 'pom.xml'), pom);
    await run('mvn', ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=lib'], draft);
    const starter = [
      '#!/bin/sh',
      `exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "${folder}/lib/*" io.temporal.testserver.TestServer "$1"`,
      '',
    ];
    writeFileSync(join(draft, 'start'), starter.join('\n'));
    chmodSync(join(draft, 'start'), 0o755);
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(join(folder, 'start'))) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>org.example</groupId>
  <artifactId>time-skipping-server</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>${version}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-nop</artifactId>
      <version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
`;

async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (part: Buffer) => (output += part.toString()));
  child.stderr.on('data', (part: Buffer) => (output += part.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code !== 0) throw new Error(`${command} ended with ${code}\n${output.slice(-2_000)}`);
}
