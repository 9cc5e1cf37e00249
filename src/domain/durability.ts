/**
 * What is stored survives, once it is reported as stored. `SYNCED`: also a power cut. `UNSYNCED`: the end of the process, also
 * by SIGKILL; a power cut takes what the disk did not have yet (the table in PROTOCOL.md).
 */
export type Durability = 'SYNCED' | 'UNSYNCED';
