/**
 * Response header with the build of the portal's pages that belong to this API. A page of another build loads itself anew
 * (docs/decisions/0081-an-old-page-loads-itself-anew.md).
 */
export const portalBuildHeader = 'Portal-Build';
