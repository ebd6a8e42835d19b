package org.lodgevm.manage;

/**
 * How a machine's last run ended, as {@code ended.json} has it.
 *
 * @param time when, as ISO 8601 has it
 * @param status what {@code lodge run} would have ended with
 * @param reason in words
 */
public record EndRecord(String time, int status, String reason) {}
