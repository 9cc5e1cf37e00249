/** The notifier of one process: the contract of every driver. */
import { createInProcessNotifier } from '../../src/events/drivers/in-process/notifier.ts';
import { describeNotifier } from '../contract/notifier.ts';

describeNotifier('the in-process driver', async (options) => createInProcessNotifier(options));
