/** The limits of the pictures that clients upload, whatever their format. */

/**
 * In all frames together: eight times the upstream's largest image, and more than most cameras make. Decoded at once, which
 * an interlaced image requires, that many pixels take 256 MB of memory, or 512 MB with 16 bits a channel.
 */
export const MAX_UPLOAD_PIXELS = 64_000_000;
/** The limit of WEBP, so that every image can be converted to every format. */
export const MAX_UPLOAD_EDGE = 16_383;
