/**
 * Frames of a stack trace in workflow code. The SDK takes a trace of each promise, so that the Temporal UI can show where a
 * workflow waits, and looks each frame up in the source map. With the ten frames of V8 that is a seventh of the CPU of a
 * workflow task; five reach through the SDK's frames to those of this service.
 */
Error.stackTraceLimit = 5;
