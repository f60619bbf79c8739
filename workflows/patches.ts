import { patched } from '@temporalio/workflow';

/** A change of the order in which a workflow gives commands (docs/architecture.md, rule 11). */
interface Patch {
  /** The first release that knows both courses: it follows the marker of a newer release, and writes none itself. */
  shippedIn: string;
  /** The first release that writes the marker, a later one. Until then, new courses are those without the patch. */
  switchedOnIn: string | undefined;
}

/** The activity that completes a registration returns the standing, so that no review has to follow it. */
export type PatchName = 'no-review-after-registration';

/**
 * The patches of this release. The list is part of the workflow bundle, whose hash is the version of the worker: one that
 * switches a patch on gets no work before it is promoted.
 */
export const patches: Readonly<Record<PatchName, Patch>> = {
  'no-review-after-registration': { shippedIn: '0.2.0', switchedOnIn: '0.3.0' },
};

/**
 * True in a run that takes the new course: because its history has the marker, or because it comes here for the first time
 * in a release in which the patch is on, which then writes the marker. Ask it where the courses part and nowhere before, so
 * that a run that never comes here has no marker.
 */
export function isPatched(name: PatchName): boolean {
  return patched(name);
}

/**
 * Decides whether a run that comes to a patch for the first time takes the new course. The SDK asks for each patch that the
 * history has no marker of, its own included, and never during a replay.
 */
export function isSwitchedOn(patchId: string): boolean {
  const own = Object.hasOwn(patches, patchId) ? patches[patchId as PatchName] : undefined;
  return own === undefined || own.switchedOnIn !== undefined;
}
