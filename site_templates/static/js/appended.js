// What other sites append to links: no part of a view.

const APPENDED = /^(utm_\w+|fbclid|gclid)$/u;

/** @param {string} name @returns {boolean} Whether a parameter came from another site's count of its readers. */
export const isAppended = (name) => APPENDED.test(name);
