"""Every kind of node against closed forms, through the public interface of the flow engine."""
