export * from './index.js';
import * as crux from './index.js';
export default crux;
