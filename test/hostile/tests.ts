/** The tests of `npm run test:hostile`. They attack a server for minutes, and `npm test` leaves them out. */
export const HOSTILE_TESTS = [
  'test/hostile/**/*.test.ts',
  'test/conformance/concurrency.test.ts',
  'test/graphql/socket-floods.test.ts',
  'test/tenancy/planted-leaks.test.ts',
];
