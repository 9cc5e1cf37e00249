/** The tests of `npm run test:e2e`, in a real browser. They take minutes, and `npm test` leaves them out. */
export const E2E_TESTS = ['test/e2e/**/*.test.ts', 'test/client/{browser,react}.test.ts'];
