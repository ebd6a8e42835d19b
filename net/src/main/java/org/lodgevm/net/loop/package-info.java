/**
 * One thread that everything in a network stack runs on: channels that are ready, timers, and tasks that other threads hand in. What
 * runs on it needs no locks and must not wait.
 */
package org.lodgevm.net.loop;
