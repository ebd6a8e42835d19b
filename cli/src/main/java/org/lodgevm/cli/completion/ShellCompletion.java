package org.lodgevm.cli.completion;

import java.util.Iterator;
import java.util.List;

/** Words that are known when a key is pressed only: a call of a function in the completion script, which prints them. */
public abstract sealed class ShellCompletion implements Iterable<String> permits MachineCompletion, ImageCompletion {
    /** All of them. */
    public static final List<ShellCompletion> ALL = List.of(new MachineCompletion(), new ImageCompletion());

    private final String what;
    private final String bash;
    private final String fish;

    /**
     * @param what one of the words is
     * @param bash the function's only line, in bash and zsh
     * @param fish its lines in fish
     */
    ShellCompletion(String what, String bash, String fish) {
        this.what = what;
        this.bash = bash;
        this.fish = fish;
    }

    /** What one of the words is. */
    public String what() {
        return what;
    }

    /** The function's name. */
    public String function() {
        return "_lodge_%ss".formatted(what);
    }

    /** The function, for bash and zsh. */
    public String inBash() {
        return """
                function %s() {
                  %s
                }
                """.formatted(function(), bash);
    }

    /** The function, for fish. */
    public String inFish() {
        return """
                function %s
                %send
                """.formatted(function(), fish.indent(4));
    }

    private String call() {
        return "$(" + function() + ")";
    }

    /** As bash's script evaluates it. */
    @Override
    public Iterator<String> iterator() {
        return List.of(call()).iterator();
    }

    /** A script for bash in which each word is one to choose: picocli quotes whatever it is given, so that all of them would be a single one. */
    public String separately(String script) {
        return script.replace('"' + call() + '"', call());
    }
}
