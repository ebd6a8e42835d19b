/**
 * Virtual machines as JUnit fixtures.
 *
 * <pre>{@code
 * @Lodge(publish = 80)
 * class WebServerTest {
 *     @Test
 *     void servesWhatIsThere(TestMachine machine) throws Exception {
 *         machine.files().write("/tmp/index.html", "hello");
 *         machine.exec("httpd", "-h", "/tmp").orThrow();
 *         assertEquals("hello", get("http://localhost:" + machine.port(80)));
 *     }
 * }
 * }</pre>
 *
 * <p>{@link org.lodgevm.junit.Lodge} says what machine, {@link org.lodgevm.junit.LodgeExtension} boots it when a test first asks for it and
 * closes it after the last, {@link org.lodgevm.junit.TestMachine} is what the test gets. Test classes may run in parallel: machines share
 * nothing, and the host's ports are free ones. A class whose tests spoil what others need has the machine {@linkplain org.lodgevm.junit.Lodge.Scope#RESET set back}
 * before each of them, which takes milliseconds. When a test fails, the guest's console is kept with it.
 *
 * <p>Deliberately absent: guests other than Lodge's own, which a test builds with {@link org.lodgevm.vm.Machine#builder}.
 */
package org.lodgevm.junit;
