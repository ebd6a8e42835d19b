package org.lodgevm.devices.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.devices.virtio.FakeDriver.Style;
import org.lodgevm.devices.virtio.queue.Virtqueue.Area;

class VirtioDeviceTest {
    private final Echo[] logic = new Echo[1];
    private final FakeDriver driver = new FakeDriver(link -> logic[0] = new Echo(link), Style.PLAIN);
    private final VirtioDevice device = driver.device;

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void offersWhatEveryDeviceHasAndItsOwn() {
        assertThat(driver.offered()).isEqualTo(0b11L | 1L << 28 | 1L << 29 | 1L << 32 | 1L << 34 | 1L << 40);
        assertThat(device.offeredFeatures(2)).isZero();
    }

    @Test
    void refusesFeaturesThatItDoesNotOfferOrThatMakeNoSense() {
        assertThat(featuresOk(1L << 32)).isTrue();
        assertThat(featuresOk(0b11 | 1L << 32)).isTrue();
        assertThat(featuresOk(0b10 | 1L << 32)).as("the logic refuses").isFalse();
        assertThat(featuresOk(0)).as("legacy").isFalse();
        assertThat(featuresOk(1L << 5 | 1L << 32)).isFalse();
        assertThat(featuresOk(1L << 63 | 1L << 32)).isFalse();
    }

    private boolean featuresOk(long features) {
        device.status(0);
        device.status(DeviceStatus.ACKNOWLEDGE | DeviceStatus.DRIVER);
        device.driverFeatures(0, (int) features);
        device.driverFeatures(1, (int) (features >>> 32));
        device.status(device.status() | DeviceStatus.FEATURES_OK);
        return (device.status() & DeviceStatus.FEATURES_OK) != 0;
    }

    @Test
    void featuresStayAsNegotiatedUntilTheReset() {
        driver.start(0b1);
        device.driverFeatures(0, 0);
        assertThat(device.driverFeatures(0)).isEqualTo(1);
        assertThat(logic[0].driver().has(0b1)).isTrue();
        assertThat(logic[0].driver().running()).isTrue();
        device.status(0);
        assertThat(device.status()).isZero();
        assertThat(device.driverFeatures(0)).isZero();
        assertThat(logic[0].driver().running()).isFalse();
    }

    @Test
    void statusBitsAreNotClearedOneByOne() {
        device.status(DeviceStatus.ACKNOWLEDGE | DeviceStatus.DRIVER);
        device.status(DeviceStatus.ACKNOWLEDGE);
        assertThat(device.status()).isEqualTo(DeviceStatus.ACKNOWLEDGE | DeviceStatus.DRIVER);
        device.status(DeviceStatus.DEVICE_NEEDS_RESET | 1 << 4);
        assertThat(device.status()).isEqualTo(DeviceStatus.ACKNOWLEDGE | DeviceStatus.DRIVER);
    }

    @Test
    void aStartWithoutNegotiationFails() {
        device.status(DeviceStatus.ACKNOWLEDGE | DeviceStatus.DRIVER | DeviceStatus.DRIVER_OK);
        assertThat(device.status() & (DeviceStatus.DRIVER_OK | DeviceStatus.DEVICE_NEEDS_RESET)).isEqualTo(DeviceStatus.DEVICE_NEEDS_RESET);
        assertThat(driver.log.getFirst()).contains("without having agreed on features");
        assertThat(driver.configurationChanges()).as("before DRIVER_OK nobody listens").isZero();
    }

    @Test
    void noBufferIsTouchedBeforeTheStart() {
        driver.negotiate(0);
        driver.setUp(0, 4);
        driver.offer(0, List.of(new byte[] {3}), List.of(1));
        device.notified(0);
        assertThat(driver.take(0)).isNull();
        device.status(device.status() | DeviceStatus.DRIVER_OK);
        assertThat(driver.await(0).bytes()).containsExactly(3);
    }

    @Test
    void notificationsOfQueuesThatAreNotThereAreIgnored() {
        driver.start(0);
        device.notified(3);
        device.notified(-1);
        assertThat(device.queue(3)).isNull();
        assertThat(device.queue(-1)).isNull();
        assertThat(driver.call(0, List.of(new byte[] {3}), List.of(1)).bytes()).containsExactly(3);
    }

    @Test
    void theConfigurationIsReadInAnyWidthAndWrittenWithin() {
        assertThat(device.readConfiguration(0, 4)).isEqualTo(0x0403_0201);
        assertThat(device.readConfiguration(4, 4)).as("zeros behind").isEqualTo(0x0605);
        assertThat(device.readConfiguration(100, 8)).isZero();
        device.writeConfiguration(1, 2, 0xbbaa);
        device.writeConfiguration(5, 2, 0xffff);
        assertThat(device.readConfiguration(0, 8)).isEqualTo(0x0605_04bb_aa01L);
    }

    @Test
    void aChangedConfigurationHasANewGenerationAndAnInterruptWhileTheDriverRuns() {
        int before = device.configurationGeneration();
        logic[0].driver().configurationChanged();
        assertThat(driver.configurationChanges()).isZero();
        assertThat(device.configurationGeneration()).isNotEqualTo(before);
        driver.start(0);
        logic[0].driver().configurationChanged();
        assertThat(driver.configurationChanges()).isEqualTo(1);
    }

    @Test
    void areasOfAQueueInUseDoNotMove() {
        driver.start(0);
        long before = device.queue(0).area(Area.DEVICE);
        device.queue(0).areaHalf(Area.DEVICE, false, 0);
        device.queue(0).size(2);
        assertThat(device.queue(0).area(Area.DEVICE)).isEqualTo(before);
        assertThat(device.queue(0).size()).isEqualTo(Echo.QUEUE_SIZE);
    }
}
